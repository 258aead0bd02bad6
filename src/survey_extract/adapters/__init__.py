"""One outside thing a file: everything that touches the network, the disk, a library or a model."""
