"""Made sentences of eight subjects with what each says to a yes-or-no field; half of them was held out while the rules were written.

``LOOKED_AT`` is what the rules in ``core/ranking/yes_no.py`` were made with,
``HELD_OUT`` was written before them and only counted with. None is the answer
where a careful reader would not commit himself.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from survey_extract.core.fields import Example, FieldSpec

Said = Literal["yes", "no"] | None


class Case(NamedTuple):
    """What a source says, the field that is asked, and the answer."""

    field: str
    text: str
    answer: Said


def _field(name: str, heading: str, ask: str, *good: tuple[str, str]) -> FieldSpec:
    examples = tuple(Example(text, value) for text, value in good)
    return FieldSpec(name, heading, ask, type="yes_no", good=examples)


FIELDS = {
    spec.name: spec
    for spec in (
        _field("sourdough", "Sourdough", "Is it leavened with sourdough?"),
        _field("jack", "Headphone jack", "Does the phone have a headphone jack?", ("It has a 3.5 mm jack.", "yes")),
        _field("blinded", "Double-blind", "Was the trial double-blind?"),
        _field("appeal", "Right of appeal", "Does the law grant a right of appeal?"),
        _field("sealed", "Weather-sealed", "Is the camera body weather-sealed?"),
        _field("open_source", "Open source", "Is the source code released under an open source licence?"),
        _field("lactose", "Lactose", "Does the cheese contain lactose?", ("It is made without lactose.", "no")),
        _field("wheelchair", "Wheelchair access", "Is the museum accessible by wheelchair?"),
    )
}

HELD_OUT = (
    Case("sourdough", "The dough is raised with a rye sourdough that the bakery has kept since 1950.", "yes"),
    Case("sourdough", "The rolls contain no sourdough, only fresh yeast.", "no"),
    Case("sourdough", "Sourdough breads are described in another chapter.", None),
    Case("jack", "A 3.5 mm headphone jack sits at the bottom edge.", "yes"),
    Case("jack", "The phone ships without a headphone jack.", "no"),
    Case("jack", "Last year's model had a headphone jack.", None),
    Case("blinded", "This was a randomised, double-blind trial in 12 hospitals.", "yes"),
    Case("blinded", "The trial was not double-blind, since both doctors and patients knew the drug.", "no"),
    Case("appeal", "Section 12 grants every applicant a right of appeal to the regional court.", "yes"),
    Case("appeal", "There is no right of appeal against decisions of the board.", "no"),
    Case("appeal", "A right of appeal could be added by a later amendment.", None),
    Case("sealed", "The body is weather-sealed with 58 gaskets.", "yes"),
    Case("sealed", "Unlike its rivals, the camera is not weather-sealed.", "no"),
    Case("sealed", "Is the body weather-sealed?", None),
    Case("open_source", "The source code is released under the MIT licence, an open source licence.", "yes"),
    Case("open_source", "The program is not open source.", "no"),
    Case("lactose", "A slice contains 0.3 g of lactose.", "yes"),
    Case("lactose", "After a year of ripening the cheese is free of lactose.", "no"),
    Case("wheelchair", "All floors are accessible by wheelchair.", "yes"),
    Case("wheelchair", "The tower cannot be reached by wheelchair.", "no"),
)

LOOKED_AT = (
    Case("sourdough", "The loaf is leavened with sourdough for 18 hours.", "yes"),
    Case("sourdough", "The loaf is leavened with yeast instead of sourdough.", "no"),
    Case("sourdough", "Many bakers ask whether sourdough is worth the work.", None),
    Case("jack", "It keeps the headphone jack that others have dropped.", "yes"),
    Case("jack", "It has no headphone jack.", "no"),
    Case("jack", "Whether it has a headphone jack is not known.", None),
    Case("blinded", "We ran a double-blind trial with 400 patients.", "yes"),
    Case("blinded", "It was an open-label trial and not double-blind.", "no"),
    Case("blinded", "Earlier double-blind trials of this drug had failed.", None),
    Case("appeal", "Whoever is refused has a right of appeal within 30 days.", "yes"),
    Case("appeal", "The act does not provide for a right of appeal.", "no"),
    Case("sealed", "Its magnesium body is weather-sealed.", "yes"),
    Case("sealed", "The body lacks any weather-sealing.", "no"),
    Case("sealed", "If the body were weather-sealed, we would take it to the coast.", None),
    Case("open_source", "It is open source, and the code is on our server.", "yes"),
    Case("open_source", "The model is closed and will not be open source in the near future.", "no"),
    Case("lactose", "The fresh cheese contains lactose.", "yes"),
    Case("lactose", "It contains no lactose.", "no"),
    Case("wheelchair", "The museum is accessible by wheelchair through the north gate.", "yes"),
    Case("wheelchair", "The museum is not yet accessible by wheelchair.", "no"),
)
