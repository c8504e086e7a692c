"""How the documentation is built: `nox -s docs`. Nothing is fetched from a network."""

from __future__ import annotations

from importlib.metadata import version as installed_version

import zoufang

project = "zoufang 走访"
author = "The zoufang authors"
copyright = "the zoufang authors, Apache-2.0"
release = installed_version("zoufang")
version = ".".join(release.split(".")[:2])
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_member_order = "alphabetical"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_custom_sections = [("Columns", "params_style")]

html_theme = "furo"
html_title = f"zoufang {release}"
html_show_sphinx = False
html_theme_options = {
    # The reader's own fonts, Chinese ones named: no font is fetched.
    "light_css_variables": {
        "font-stack": (
            "system-ui, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', "
            "'WenQuanYi Micro Hei', sans-serif"
        ),
    },
}

# The front door opens each name when it is first asked for, and autodoc looks only at what is open already.
for _name in zoufang.__all__:
    vars(zoufang).setdefault(_name, getattr(zoufang, _name))
