"""The yardstick for a run: a warm ipykernel in a process of its own, asked through jupyter_client."""

from __future__ import annotations

import os
import time
from typing import Any, Self

from jupyter_client import KernelManager  # type: ignore[attr-defined]  # it is there, but not in its __all__

PATIENCE_S = 60.0


class Kernel:
    """A kernel that was started and is asked again and again; use it in a `with` block."""

    def __init__(self) -> None:
        self._manager = KernelManager()
        self._client: Any = None

    def __enter__(self) -> Self:
        self._manager.start_kernel(stdout=os.open(os.devnull, os.O_WRONLY), stderr=os.open(os.devnull, os.O_WRONLY))
        self._client = self._manager.blocking_client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)

    def round_trip(self, code: str) -> float:
        """Seconds from sending the code until the kernel says that it is idle again."""
        began = time.perf_counter()
        asked = self._client.execute(code)
        while not self._is_idle(self._client.get_iopub_msg(timeout=PATIENCE_S), asked):
            pass
        took = time.perf_counter() - began
        reply = self._client.get_shell_msg(timeout=PATIENCE_S)
        assert reply["content"]["status"] == "ok", reply
        return took

    @staticmethod
    def _is_idle(message: dict[str, Any], asked: str) -> bool:
        ours = message["parent_header"].get("msg_id") == asked
        return ours and message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
