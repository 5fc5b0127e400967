/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_TREE_H
#define MTP_REPORT_TREE_H

#include "metapool/analysis.h"

#include <stdbool.h>

/**
 * A result as its JSON tree, and single values in it by their path.
 *
 * A path is keys joined by points, each with any number of brackets:
 * `overall.random.back.estimate`, `studies[0].yi`, `groups[LBCL].k`. [n] is the element
 * n of a list, from 0. [text] is its only element whose level, term, name, method,
 * study, category, test, contrast, at, group, option or value is that text, or whose
 * factor and level are ("product: Liso-cel"). Brackets in the text go in pairs; in
 * double quotes it is taken as it is ("2020", "a]").
 */
typedef struct mtp_tree mtp_tree;

/** The tree that mtp_report writes as MTP_FORMAT_JSON. */
mtp_status mtp_tree_of_bundle(const mtp_bundle *bundle, mtp_tree **tree,
                              mtp_error *err);
/** The tree of JSON as text: the data of a figure. */
mtp_status mtp_tree_of_text(const char *text, size_t length, mtp_tree **tree,
                            mtp_error *err);
void mtp_tree_free(mtp_tree *tree);

/** @return MTP_OK; MTP_E_ARG, with what is wrong with the path */
mtp_status mtp_tree_check_path(const char *path, mtp_error *err);

typedef enum mtp_found_kind {
    MTP_FOUND_NULL,
    MTP_FOUND_NUMBER,
    MTP_FOUND_TEXT,
    MTP_FOUND_FLAG,
    MTP_FOUND_OBJECT,
    MTP_FOUND_LIST,
} mtp_found_kind;

typedef struct mtp_found {
    mtp_found_kind kind;
    double number;    /* NaN unless a number; the members of a list, 0 or 1 of a flag */
    const char *text; /* of a text, in the tree; else NULL */
} mtp_found;

/**
 * @param found  out; untouched on failure
 * @return MTP_OK; MTP_E_ARG for a path that is none; MTP_E_DATA if it leads nowhere:
 * the message says where it ends, and what there is
 */
mtp_status mtp_tree_find(const mtp_tree *tree, const char *path, mtp_found *found,
                         mtp_error *err);

#endif
