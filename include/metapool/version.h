/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_VERSION_H
#define METAPOOL_VERSION_H

#include "metapool/export.h"

/* CMakeLists.txt reads the version from these lines. */
#define MTP_VERSION_MAJOR 0
#define MTP_VERSION_MINOR 1
#define MTP_VERSION_PATCH 0
#define MTP_VERSION       "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

/** Version of the library that runs, as opposed to MTP_VERSION, that of the header. */
MTP_API const char *mtp_version(void);

#ifdef __cplusplus
}
#endif

#endif
