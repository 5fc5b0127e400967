/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_NAMES_H
#define MTP_CORE_NAMES_H

#include "core/ascii.h"

/** The functions mtp_PREFIX_id, _label and _from_id of an X-macro list. */
#define MTP_NAME_ID(name, id, label)    [name] = id,
#define MTP_NAME_LABEL(name, id, label) [name] = label,
#define MTP_NAMES(prefix, type, list, count)                                           \
    static const char *const prefix##_ids[count] = {list(MTP_NAME_ID)};                \
    static const char *const prefix##_labels[count] = {list(MTP_NAME_LABEL)};          \
                                                                                       \
    const char *mtp_##prefix##_id(type value)                                          \
    {                                                                                  \
        return prefix##_ids[value];                                                    \
    }                                                                                  \
                                                                                       \
    const char *mtp_##prefix##_label(type value)                                       \
    {                                                                                  \
        return prefix##_labels[value];                                                 \
    }                                                                                  \
                                                                                       \
    int mtp_##prefix##_from_id(const char *id)                                         \
    {                                                                                  \
        for (int i = 0; i < (int)(count); i++) {                                       \
            if (mtp_ascii_same(prefix##_ids[i], id)) {                                 \
                return i;                                                              \
            }                                                                          \
        }                                                                              \
        return -1;                                                                     \
    }

#endif
