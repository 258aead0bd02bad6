"""A page's tree goes in; its elements, each with its place among the others, come out."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.html import HtmlElement


@dataclass(slots=True, eq=False)
class Node:
    """An element, and where it stands among others. Numbers go up in the order of the page."""

    element: HtmlElement
    parent: Node | None
    before: Node | None
    """The element before it with the same parent."""
    place: int
    """Its place among the elements of its parent, from 0."""
    classes: frozenset[str]
    children: list[Node] = field(default_factory=list)

    @property
    def tag(self) -> str:
        return str(self.element.tag)

    @property
    def siblings(self) -> list[Node]:
        return self.parent.children if self.parent else [self]


def nodes_of(tree: HtmlElement) -> list[Node]:
    """All elements in the order of the page."""
    found: dict[HtmlElement, Node] = {}
    for element in tree.iter():
        parent = found.get(element.getparent())
        before = parent.children[-1] if parent and parent.children else None
        classes = frozenset((element.get("class") or "").split())
        found[element] = node = Node(element, parent, before, len(parent.children) if parent else 0, classes)
        if parent:
            parent.children.append(node)
    return list(found.values())
