"""The core's own routers, stores, importers and formats, registered through the same hooks as anyone's."""

from zoufang.builtin import core

__all__ = ["core"]
