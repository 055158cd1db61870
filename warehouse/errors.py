"""What the warehouse says when it cannot do as asked: one plain sentence, fit to show to a reader."""


class WarehouseError(Exception):
    """The warehouse could not be opened, read or written; `str()` of it is a sentence for a person."""


class WarehouseBusyError(WarehouseError):
    """Another command is writing to the same place; nothing was changed."""
