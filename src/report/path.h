/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_PATH_H
#define MTP_REPORT_PATH_H

#include "metapool/status.h"

#include <stdbool.h>

typedef enum mtp_path_kind {
    MTP_PATH_END,
    MTP_PATH_KEY,
    MTP_PATH_INDEX,   /* [2] */
    MTP_PATH_ELEMENT, /* [text] */
} mtp_path_kind;

/** A step of a path; its text is a part of the path. */
typedef struct mtp_path_step {
    mtp_path_kind kind;
    const char *text;
    size_t length;
    size_t index;
} mtp_path_step;

/**
 * The step at *at, which is moved behind it.
 * @param path  the whole, for messages and to know its first step
 * @return MTP_OK; MTP_E_ARG
 */
mtp_status mtp_path_next(const char *path, const char **at, mtp_path_step *step,
                         mtp_error *err);

#endif
