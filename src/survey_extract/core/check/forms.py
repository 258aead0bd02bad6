"""A name goes in, the other ways to write it come out: a country and its people, a month in short."""

from __future__ import annotations

_COUNTRIES = (
    "australia australian, austria austrian, belgium belgian, brazil brazilian, britain british, canada canadian, chile chilean, china chinese,"
    " croatia croatian, cuba cuban, denmark danish, egypt egyptian, england english, estonia estonian, ethiopia ethiopian, europe european,"
    " finland finnish, france french, germany german, ghana ghanaian, greece greek, hungary hungarian, iceland icelandic, india indian,"
    " indonesia indonesian, iran iranian, iraq iraqi, ireland irish, israel israeli, italy italian, japan japanese, kenya kenyan, korea korean,"
    " latvia latvian, lithuania lithuanian, malaysia malaysian, mexico mexican, nepal nepalese, netherlands dutch, nigeria nigerian,"
    " norway norwegian, pakistan pakistani, peru peruvian, poland polish, portugal portuguese, romania romanian, russia russian,"
    " scotland scottish, serbia serbian, slovakia slovak, slovenia slovenian, spain spanish, sweden swedish, switzerland swiss,"
    " thailand thai, turkey turkish, uganda ugandan, ukraine ukrainian, vietnam vietnamese, wales welsh, africa african, asia asian"
)
_MONTHS = (
    "january jan, february feb, march mar, april apr, june jun, july jul, august aug, september sept, september sep, october oct,"
    " november nov, december dec"
)


def _pairs() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for pair in (*_COUNTRIES.split(","), *_MONTHS.split(",")):
        one, other = pair.split()
        found[one] = (*found.get(one, ()), other)
        found[other] = (*found.get(other, ()), one)
    return found


OTHER_FORMS = _pairs()
"""Names, folded, that say the same: a country and its adjective, a month and its short form."""
