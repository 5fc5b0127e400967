/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/version.h"

const char *mtp_version(void)
{
    return MTP_VERSION;
}
