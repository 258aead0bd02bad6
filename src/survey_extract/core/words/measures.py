"""Nothing goes in; the measures that are known come out, each with its dimension, the power of ten in it, and how it is written."""

MEASURES = {
    # name: (dimension, power of ten in it, spellings); symbols in the case of the SI (BIPM, 9th edition, 2019)
    "metre": ("length", 0, "m metre metres meter meters"), "kilometre": ("length", 3, "km kilometre kilometres kilometer kilometers"),
    "centimetre": ("length", -2, "cm centimetre centimetres centimeter centimeters"),
    "millimetre": ("length", -3, "mm millimetre millimetres millimeter millimeters"),
    "micrometre": ("length", -6, "\u03bcm micrometre micrometres micrometer micrometers micron microns"), "nanometre": ("length", -9, "nm nanometre nanometres nanometer nanometers"),
    "foot": ("feet", 0, "ft foot feet"), "inch": ("inches", 0, "inch inches"), "mile": ("miles", 0, "mile miles"),
    "square metre": ("area", 0, "m2"), "square centimetre": ("area", -4, "cm2"), "square millimetre": ("area", -6, "mm2"), "square kilometre": ("area", 6, "km2"), "hectare": ("area", 4, "ha hectare hectares"),
    "cubic metre": ("volume", 3, "m3"), "litre": ("volume", 0, "L l litre litres liter liters"), "millilitre": ("volume", -3, "mL ml millilitre millilitres milliliter milliliters"),
    "kilogram": ("mass", 3, "kg kilogram kilograms kilo kilos"), "gram": ("mass", 0, "g gram grams"), "milligram": ("mass", -3, "mg milligram milligrams"),
    "microgram": ("mass", -6, "\u03bcg mcg microgram micrograms"), "tonne": ("mass", 6, "t tonne tonnes"),
    "second": ("time", 0, "s sec secs second seconds"), "millisecond": ("time", -3, "ms millisecond milliseconds"), "microsecond": ("time", -6, "\u03bcs microsecond microseconds"), "nanosecond": ("time", -9, "ns nanosecond nanoseconds"),
    "minute": ("minutes", 0, "min mins minute minutes"), "hour": ("hours", 0, "h hr hrs hour hours"), "day": ("days", 0, "d day days"), "week": ("weeks", 0, "week weeks"), "month": ("months", 0, "month months"), "year": ("years", 0, "yr yrs year years"),
    "hertz": ("frequency", 0, "Hz hertz"), "kilohertz": ("frequency", 3, "kHz kilohertz"), "megahertz": ("frequency", 6, "MHz megahertz"), "gigahertz": ("frequency", 9, "GHz gigahertz"),
    "watt": ("power", 0, "W watt watts"), "milliwatt": ("power", -3, "mW"), "kilowatt": ("power", 3, "kW kilowatt kilowatts"), "megawatt": ("power", 6, "MW megawatt megawatts"), "gigawatt": ("power", 9, "GW"),
    "kilowatt-hour": ("energy", 3, "kWh"), "megawatt-hour": ("energy", 6, "MWh"),
    "volt": ("voltage", 0, "V volt volts"), "millivolt": ("voltage", -3, "mV"), "kilovolt": ("voltage", 3, "kV"),
    "byte": ("bytes", 0, "byte bytes"), "kilobyte": ("bytes", 3, "KB kB kilobyte kilobytes"), "megabyte": ("bytes", 6, "MB megabyte megabytes"), "gigabyte": ("bytes", 9, "GB gigabyte gigabytes"), "terabyte": ("bytes", 12, "TB terabyte terabytes"),
    "kibibyte": ("binary", 0, "KiB"), "mebibyte": ("binary mega", 0, "MiB"), "gibibyte": ("binary giga", 0, "GiB"), "tebibyte": ("binary tera", 0, "TiB"),
    "celsius": ("celsius", 0, "\u00b0C celsius"), "fahrenheit": ("fahrenheit", 0, "\u00b0F fahrenheit"), "kelvin": ("kelvin", 0, "K kelvin"),
    "jansky": ("flux", 0, "Jy"), "millijansky": ("flux", -3, "mJy"), "microjansky": ("flux", -6, "\u03bcJy"),
    "percent": ("share", 0, "% percent pct"), "point": ("points", 0, "point points pp"), "permille": ("permille", 0, "\u2030"),
    "dollar": ("dollars", 0, "$ USD dollar dollars"), "euro": ("euros", 0, "\u20ac EUR euro euros"), "pound": ("pounds", 0, "\u00a3 GBP pound pounds"), "franc": ("francs", 0, "CHF franc francs"), "yen": ("yen", 0, "\u00a5 JPY yen"),
}  # fmt: skip
"""By name; nothing here is of any field or document."""
