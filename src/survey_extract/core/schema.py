"""The eight fields, once: prompt, wire schema, DuckDB columns, README table and review page derive from this model.

To add a ninth field, add an attribute to ``SurveyRow``. Its ``title`` is the
heading in the README, its ``description`` the instruction to the model, and
``Cues`` tell the engine without a model what an answer looks like. ``title``
has no cues: it comes from metadata, never from an engine.
"""

from __future__ import annotations

import re
import types
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

TEXT_LIMIT = 2_000
"""Characters a text value may have."""
LIST_LIMIT = 40
"""Names a list value may have."""
NAME_LIMIT = 120
"""Characters one name of a list may have."""
EVIDENCE_LIMIT = 24
"""Sentence numbers an answer may name: the purposes of fifteen data sets may stand in as many sentences."""


@dataclass(frozen=True)
class Cues:
    """What a sentence that answers a field looks like, for ranking without a model.

    ``words`` is the query, ``must`` a pattern the sentence has to contain,
    ``sections`` a pattern for headings under which answers stand.
    """

    words: str
    must: str
    sections: str


Text = Annotated[str, Field(max_length=TEXT_LIMIT)]
Name = Annotated[str, Field(max_length=NAME_LIMIT)]
Names = Annotated[list[Name], Field(max_length=LIST_LIMIT)]


class SurveyRow(BaseModel):
    """One row of the survey: what a source says, field by field; None is "not reported"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(title="Title", description="The title of the source, from its metadata.")
    architecture_overview: Annotated[
        Text | None,
        Cues(
            words="architecture model overview framework consists combines connects encoder decoder language model "
            "vision unified propose introduce end-to-end multimodal",
            must=r"architectur|framework|consist|compris|encoder|decoder|transformer|backbone|connect|model",
            sections=r"abstract|introduc|architect|model|method|approach|overview",
        ),
    ] = Field(
        title="Architecture.Overview",
        description="How the system is built, in two or three sentences: its main parts, how they are connected, "
        "what goes in and what comes out.",
    )
    architecture_components: Annotated[
        Text | None,
        Cues(
            words="encoder decoder vision image text backbone initialized layers parameters projection adapter resampler "
            "Q-Former ViT CLIP Vicuna LLaMA transformer module component pretrained frozen",
            must=r"encoder|decoder|backbone|\bViT\b|transformer|layers?\b|projection|adapter|resampler|former|module|tokenizer",
            sections=r"architect|model|method|approach|component|encoder|implementation|overview",
        ),
    ] = Field(
        title="Architecture.Components",
        description="The named components (vision encoder, language model, connector and others), with variants and "
        "sizes where they are given.",
    )
    training_methods: Annotated[
        Text | None,
        Cues(
            words="train training trained stage pre-training fine-tuning objective loss optimizer learning rate batch "
            "epochs steps frozen instruction tuning two-stage end-to-end",
            must=r"\btrain|tun(?:e|ed|ing)\b|optimi[sz]|objective|loss|epoch|learning rate|froz",
            sections=r"train|tuning|optimi|implementation|setup|objective|detail|method|recipe",
        ),
    ] = Field(
        title="Training.Methods",
        description="How the system is trained: stages, objectives, what is frozen, and the main settings that are given.",
    )
    alignment_techniques: Annotated[
        Text | None,
        Cues(
            words="align alignment aligned image text features contrastive matching instruction feature space embedding "
            "bridge modality gap vision language correspondence",
            must=r"align|contrastive|matching|bridg|modality gap|correspond|instruction[- ](?:tun|follow)",
            sections=r"align|contrast|pre-?train|objective|method|model|approach|instruct",
        ),
    ] = Field(
        title="Alignment.Techniques",
        description="How representations of different modalities are brought into agreement, such as contrastive "
        "objectives, matching, or instruction data.",
    )
    alignment_fusion_methods: Annotated[
        Text | None,
        Cues(
            words="cross-attention fusion fuse projection connector linear layer MLP visual tokens concatenate interleave "
            "inject embedding space prompt prefix language model input",
            must=r"cross[- ]attention|fus(?:e|es|ed|ing|ion)\b|project|connector|concatenat|interleav|prepend|inject"
            r"|(?:visual|image|vision) (?:tokens|embeddings|features|prefix)|soft prompt",
            sections=r"architect|model|fusion|connector|method|approach|overview",
        ),
    ] = Field(
        title="Alignment.Fusion Methods",
        description="Where and how the modalities are combined inside the system, such as cross-attention, projection "
        "into the token space, or concatenation.",
    )
    datasets_used: Annotated[
        Names | None,
        Cues(
            words="dataset datasets data corpus collected pairs images examples train trained evaluate benchmark "
            "pre-training fine-tuning instruction",
            must=r"data ?sets?|\bdata\b|corpus|corpora|benchmark|pairs|images|examples|samples|collect",
            sections=r"data|train|experiment|setup|evaluat|implementation|benchmark|pre-?train",
        ),
    ] = Field(
        title="Datasets.Used",
        description="The names of the data sets used to train or evaluate the system, as the source writes them.",
    )
    datasets_purpose: Annotated[
        Text | None,
        Cues(
            words="dataset used for training evaluation pre-training fine-tuning instruction alignment benchmark evaluate "
            "measure purpose pairs",
            must=r"(?:data ?sets?|\bdata\b|corpus|benchmark|pairs)",
            sections=r"data|train|experiment|setup|evaluat|benchmark|pre-?train|tuning",
        ),
    ] = Field(
        title="Datasets.Purpose",
        description="What each of those data sets is used for: which stage of training, or which evaluation.",
    )


@dataclass(frozen=True)
class FieldSpec:
    """One field as the rest of the program sees it."""

    name: str
    heading: str
    instruction: str
    cues: Cues | None
    is_list: bool
    wire_type: Any


@cache
def fields() -> tuple[FieldSpec, ...]:
    """All fields in the order of the table, ``title`` first."""
    return tuple(_spec(name, info) for name, info in SurveyRow.model_fields.items())


def asked_fields() -> tuple[FieldSpec, ...]:
    """The fields an engine fills: all but those that come from metadata."""
    return tuple(spec for spec in fields() if spec.cues is not None)


def field(name: str) -> FieldSpec:
    """The field of that name; KeyError for any other."""
    return {spec.name: spec for spec in fields()}[name]


def _spec(name: str, info: FieldInfo) -> FieldSpec:
    cues = next((item for item in info.metadata if isinstance(item, Cues)), None)
    if cues is not None:
        re.compile(cues.must), re.compile(cues.sections)
    return FieldSpec(
        name=name,
        heading=info.title or name,
        instruction=info.description or "",
        cues=cues,
        is_list=_holds_list(info.annotation),
        wire_type=info.annotation,
    )


def _holds_list(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, types.UnionType):
        return any(_holds_list(part) for part in get_args(annotation))
    if get_origin(annotation) is Annotated:
        return _holds_list(get_args(annotation)[0])
    return get_origin(annotation) is list
