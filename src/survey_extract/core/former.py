"""What the tool's own words are now goes in, what they asked first comes out: an update of them is not a new question.

An answer is named by the question that it was given to. Whoever rewords the
tool's question, or the instruction of a field of the template `architectures`,
enters the new words' hash here: then an existing survey asks nothing again.
Words that are not entered make a question of their own, and everything
is asked, and paid for, again.
"""

from __future__ import annotations

from survey_extract.core.fingerprint import sha256_text

FIRST_WORDING = "5a4cfda46ddd32a1c8573a62f887289c8a88f3cd34910881c5f6015271632b51"
SAME_QUESTION = {
    "658f6b11858a6484effe84eccd0d17cd56c0d0af6af7fa9181c58fa9e4ca647f": FIRST_WORDING,
    "96c8aed27098ae75024dd23e0627599cfcb5e9c580c84448004388cdf2b7c5e6": FIRST_WORDING,
    "44745e87172f3b4f9dc6c9a419e01aa79f16f06b78dad9453dab9e4e7a342e27": FIRST_WORDING,
}
"""SHA-256 of each later wording of ours (prompts/extract.md), and of the wording whose question it is."""

SAME_INSTRUCTION: dict[str, str] = {
    "885957706505da10fbd8fa1212aa73389fdec177ee9e3bf7f1f359525637917b": "How the system is built, in two or three sentences: its main parts, how they are connected, what goes in and what comes out.",
    "230a6e2a1347cc37019f77bf30c7163dcdef2956929fe17c761d92733d1348cb": "The named components (vision encoder, language model, connector and others), with variants and sizes where they are given.",
    "36216b20c838902b5b7d813ced36d036a33298ce5491715124d18b938b10a484": "How the system is trained: stages, objectives, what is frozen, and the main settings that are given.",
    "ff3b231c5f7c80c4a6df9c0dbf51b50823e6b84dd86a0c706f5d7e3548714a9c": "How representations of different modalities are brought into agreement, such as contrastive objectives, matching, or instruction data.",
    "b80bcf13b407dffaff8ce9f09730752059520ff23a2124019cbfda4e60c0e1da": "Where and how the modalities are combined inside the system, such as cross-attention, projection into the token space, or concatenation.",
    "e40dd7dbfed6530ac4fa6df2aad2c8fa60b42bacabb23ae1610430fe506a1f02": "The names of the data sets used to train or evaluate the system, as the source writes them.",
    "3d415107190a708ae0dba3160e4d33e706ed85b504059027e0c6c2b565d572d4": "What each of those data sets is used for: which stage of training, or which evaluation.",
}
"""SHA-256 of each later instruction of ours, and the instruction as it was asked first, which fingerprints are made of."""


def is_ours(wording: str) -> bool:
    """Whether a wording of the question came with the tool, now or before."""
    return named_wording(wording) == FIRST_WORDING


def named_wording(wording: str) -> str:
    """The hash that names a question's wording: its own, or that of our earlier wording that asked the same first."""
    own = sha256_text(wording)
    return SAME_QUESTION.get(own, own)


def first_instruction(instruction: str) -> str:
    """An instruction as it was first asked: unchanged, unless it is one of ours that was reworded since."""
    return SAME_INSTRUCTION.get(sha256_text(instruction), instruction)
