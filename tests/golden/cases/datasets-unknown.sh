metapool datasets path nrm2025
