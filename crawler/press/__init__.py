"""The demo press: invented newspapers on `*.example` hosts, behind a forward proxy of their own on loopback.

`dossier demo` crawls it and the tests use it. Prose is in `articles/`, page layouts in `layouts/`, what one paper takes
from another in `copies.toml`; everything else that a crawl meets is made from these by code.
"""
