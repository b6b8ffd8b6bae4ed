"""A word that whoever knows it may use."""


class Secret(str):
    """The secret of a link or a program: given to one person, and kept by nobody as it is."""

    __slots__ = ()
