metapool datasets path nrm2024
