"""The pure heart: records in, records out; no network, disk, clock or model."""
