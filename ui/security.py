"""Headers every answer carries. No page of ours runs inline script or style, so the policy needs no exception."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from ui.language import languages_matter

_POLICY: Final = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}

# What a program in somebody else's page may read: everything here is public, so every read-only door but the pages.
_OPEN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Retry-After",
}


def install(app: Flask) -> None:
    """Add the headers to every answer of the application."""

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if languages_matter():
            response.vary.add("Accept-Language")
        asking = request.method == "OPTIONS"
        if asking or not (response.mimetype == "text/html" or request.path.startswith("/static/")):
            for name, value in _OPEN.items():
                response.headers.setdefault(name, value)
            if asking:
                response.headers.setdefault("Access-Control-Allow-Methods", response.headers.get("Allow", "GET"))
                response.headers.setdefault("Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match")
                response.headers.setdefault("Access-Control-Max-Age", "86400")
        return response
