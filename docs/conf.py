"""Settings of Sphinx for the documentation that `make docs` builds; docs/build.py lays out the pages."""

from importlib.metadata import version as installed

project = "tradeviz"
author = "tradeviz contributors"
project_copyright = "tradeviz contributors; code MIT, data CC BY 4.0"
version = release = installed("tradeviz")

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_nb",
]
templates_path = ["_templates"]
exclude_patterns = ["site", "_templates"]

# The notebooks come executed, by the project's own build.
nb_execution_mode = "off"
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_typehints = "none"  # numpydoc writes the types of parameters, in words
autosummary_generate = True
autosummary_imported_members = True
default_role = "code"
numpydoc_show_class_members = False

# A link between pages or to a function that is not there stops the build; types of other libraries cannot be
# looked up without a network.
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!tradeviz).*")]

html_theme = "pydata_sphinx_theme"
html_title = "tradeviz"
html_static_path = ["_static"]
html_css_files = ["docs.css"]
html_js_files = [("docs.js", {"defer": "defer"})]
html_extra_path = ["site"]
html_show_sourcelink = False
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": ["sphinx-version"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "header_links_before_dropdown": 6,
    "collapse_navigation": True,
}
