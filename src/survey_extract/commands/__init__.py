"""What single commands do beyond parse, call, print, exit: one file a command, or a thing several of them print."""
