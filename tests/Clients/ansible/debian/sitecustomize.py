"""Debian 12 ships openstack.cloud 1.10 beside openstacksdk 0.101, and 1.10 refuses every SDK above 0.98.
Only the number it compares is changed; modules and SDK are Debian's."""
import openstack.version

openstack.version.__version__ = "0.98.999"
