"""The web server: its page, the sockets of the visitors, and who may open them."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp_jinja2
from aiohttp import web
from textual_serve.server import Server, to_int

from tutor.serving.visitor import Visitor

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
        " connect-src 'self' ws: wss:; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""Nothing from elsewhere is loaded, and no other page shows ours in a frame."""
FULL = "All places are taken just now. Try again when somebody has left."
NOT_HERE = "This address is not the tutor's. Use the one that `torch-tutor serve` has printed."


class TutorServer(Server):
    """Serves the tutor to a number of visitors at the same time."""

    def __init__(self, command: Sequence[str], host: str, port: int, *, guests: bool, places: int) -> None:
        """`command` starts a tutor; with `guests`, each visitor has a progress of their own."""
        super().__init__(" ".join(command), host, port, title="torch-tutor", templates_path=Path(__file__).parent)
        self._command, self._guests, self._places = tuple(command), guests, places
        self._sockets: dict[web.WebSocketResponse, Visitor] = {}

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(guard)
        app.on_response_prepare.append(add_headers)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing; the command has."""

    async def on_shutdown(self, app: web.Application) -> None:
        """Let every visitor's tutor save and leave."""
        await asyncio.gather(*(visitor.stop() for visitor in self._sockets.values()))
        await asyncio.gather(*(each.close() for each in list(self._sockets)), return_exceptions=True)

    async def open(self) -> tuple[web.AppRunner, str]:
        """Begin to listen; the runner, and the address to open. OSError where the port can't be had."""
        runner = web.AppRunner(await self._make_app(), handle_signals=False, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, self.host, self.port)
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        port = runner.addresses[0][1]
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return runner, f"http://{shown}:{port}/"

    @aiohttp_jinja2.template("index.html")
    async def handle_index(self, request: web.Request) -> dict[str, Any]:
        """The page; its socket is where the page is."""
        if len(self._sockets) >= self._places:
            raise web.HTTPServiceUnavailable(text=FULL)
        scheme = "wss" if request.scheme == "https" else "ws"
        return {
            "socket": f"{scheme}://{request.host}/ws",
            "font_size": to_int(request.query.get("fontsize", "16"), 16),
        }

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A visitor: from the first byte until the page is closed or the tutor ends."""
        if len(self._sockets) >= self._places:
            raise web.HTTPServiceUnavailable(text=FULL)
        page = web.WebSocketResponse(heartbeat=15)
        visitor = Visitor(
            self._command,
            guest=self._guests,
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=page.close,
            download_manager=self.download_manager,
        )
        self._sockets[page] = visitor
        try:
            await page.prepare(request)
            await visitor.start(
                to_int(request.query.get("width", "80"), 80), to_int(request.query.get("height", "24"), 24)
            )
            await self._process_messages(page, visitor)
        except ConnectionError:
            pass  # the page went away
        finally:
            del self._sockets[page]
            await visitor.stop()
        return page


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another page could ask for: by a name that was made to point here, or through an open socket."""
    if not is_ours(request.host):
        raise web.HTTPForbidden(text=NOT_HERE)
    if request.path == "/ws" and request.headers.get("Origin") != f"{request.scheme}://{request.host}":
        raise web.HTTPForbidden(text=NOT_HERE)
    return await handler(request)


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Keep to what comes from here."""
    response.headers.update(HEADERS)


def is_ours(host: str) -> bool:
    """Whether a Host header names this machine: by an address, by `localhost`, or by the machine's own name.

    A page that has its own name point here (DNS rebinding) needs a name, and it is none of these.
    """
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    if name in ("localhost", socket.gethostname(), socket.getfqdn()):
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
