"""Open311 GeoReport v2 at `/open311/v2`: what other systems read and send, in XML and JSON."""
