/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_ROUNDING_VIEW_H
#define MTP_REPORT_ROUNDING_VIEW_H

#include "metapool/rounding.h"

#include "report/cell.h"

/* X(enum, id, label): what figures are of; a label is the heading of those that have no
 * name of their own. */
/* clang-format off */
#define MTP_ROUNDED_PART_LIST(X)                                                       \
    X(MTP_ROUNDED_OVERALL, "overall", NULL)                                            \
    X(MTP_ROUNDED_GROUP, "group", NULL)                                                \
    X(MTP_ROUNDED_BETWEEN, "between_groups", "Tests of the subgroups")                 \
    X(MTP_ROUNDED_COEFFICIENT, "coefficient", NULL)                                    \
    X(MTP_ROUNDED_CONTRAST, "contrast", NULL)                                          \
    X(MTP_ROUNDED_SCALE, "scale", NULL)                                                \
    X(MTP_ROUNDED_TEST, "test", "Tests")                                               \
    X(MTP_ROUNDED_TERM, "term", "Tests of terms")                                      \
    X(MTP_ROUNDED_ASKED, "asked", "Tests asked for")                                   \
    X(MTP_ROUNDED_MODEL, "model", "Model")                                             \
    X(MTP_ROUNDED_MARGIN, "margin", NULL)                                              \
    X(MTP_ROUNDED_PREDICTION, "prediction", NULL)
/* clang-format on */

#define MTP_ENUM_ITEM(name, id, label) name,
typedef enum mtp_rounded_part {
    MTP_ROUNDED_PART_LIST(MTP_ENUM_ITEM) MTP_ROUNDED_PART_COUNT
} mtp_rounded_part;
#undef MTP_ENUM_ITEM

const char *mtp_rounded_part_id(mtp_rounded_part part);
const char *mtp_rounded_part_label(mtp_rounded_part part);

/** A figure with its ranges, as reports list it. */
typedef struct mtp_rounded_row {
    mtp_rounded_part part;
    const char *name;   /* of the subgroup, coefficient or test; or NULL */
    const char *figure; /* the key that it has in JSON */
    const char *label;
    mtp_doc_kind kind;
    mtp_rounding_range range, back; /* back: NaN where there is none */
} mtp_rounded_row;

typedef void (*mtp_rounded_visit)(void *context, const mtp_rounded_row *row);

/** Visit every figure in the order of reports, also those that there are none of. */
void mtp_view_rounded(const mtp_rounding_result *result, mtp_rounded_visit visit,
                      void *context);

#endif
