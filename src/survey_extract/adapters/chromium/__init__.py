"""Web pages as Chromium draws them: the page around them, the process that draws it, and what is seen in the picture."""
