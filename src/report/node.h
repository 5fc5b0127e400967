/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_NODE_H
#define MTP_REPORT_NODE_H

#include "core/strbuf.h"
#include "report/tree.h"

/** A value within a tree, which owns it. */
typedef struct mtp_node mtp_node;

mtp_node *mtp_tree_root(const mtp_tree *tree);
/** A member of an object; NULL where there is none, or node is NULL or no object. */
mtp_node *mtp_node_get(mtp_node *node, const char *key);
/** An element of a list, from 0; NULL as above. */
mtp_node *mtp_node_at(mtp_node *node, size_t index);
/** The elements of a list or the members of an object; else 0. */
size_t mtp_node_count(mtp_node *node);
/** The members of an object in their order; *at is NULL before the first. */
bool mtp_node_next(mtp_node *node, void **at, const char **key, mtp_node **value);
/** As mtp_tree_find, from this value on. */
mtp_status mtp_node_find(mtp_node *node, const char *path, mtp_found *found,
                         mtp_error *err);
/** What it is; NULL is null. */
mtp_found mtp_node_value(mtp_node *node);
/** The text of a text; else NULL. */
const char *mtp_node_text(mtp_node *node);
/** What an element of a list is called in a path; NULL: nothing. */
const char *mtp_node_name(mtp_node *element);
/** As JSON, as mtp_report writes it. */
void mtp_node_write(mtp_node *node, mtp_strbuf *out);

#endif
