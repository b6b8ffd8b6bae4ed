"""The look of every page and paper: base page, components, widgets, charts. It knows no facts."""
