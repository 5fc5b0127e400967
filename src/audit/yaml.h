/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_AUDIT_YAML_H
#define MTP_AUDIT_YAML_H

#include "metapool/analysis_file.h"

#include "core/arena.h"

#include <stdbool.h>

/**
 * YAML as a tree of nodes, each with its place. Of YAML what a file for people needs:
 * one document of mappings, sequences and texts. Anchors, aliases and tags are refused,
 * so no file grows when it is read.
 */

typedef enum mtp_yaml_kind {
    MTP_YAML_TEXT,
    MTP_YAML_SEQUENCE,
    MTP_YAML_MAPPING,
} mtp_yaml_kind;

typedef struct mtp_yaml {
    mtp_yaml_kind kind;
    mtp_place place;
    const char *text; /* of a text */
    bool plain;       /* a text without quotes: null, true and numbers are such */
    size_t count;     /* items of a sequence; entries of a mapping, no two keys alike */
    /* Items in order; of a mapping each key is followed by its value. */
    struct mtp_yaml *first, *next;
} mtp_yaml;

enum {
    MTP_YAML_BYTES = 4 * 1024 * 1024,
    MTP_YAML_NODES = 200000,
    MTP_YAML_DEPTH = 16,
};

/** A text that stands for nothing: empty without quotes, ~ or null. */
bool mtp_yaml_is_null(const mtp_yaml *node);

/** "a text", "a sequence", "a mapping", "nothing". */
const char *mtp_yaml_kind_name(const mtp_yaml *node);

/**
 * @param source  for messages
 * @param root    out, in the arena; NULL for a file without a document
 * @return MTP_OK; MTP_E_SYNTAX with its place (of bytes that are not YAML, and of what
 * is refused); MTP_E_DATA for a file beyond the limits or a key given twice;
 *         MTP_E_NOMEM
 */
mtp_status mtp_yaml_parse(const char *source, const char *bytes, size_t length,
                          mtp_arena *arena, const mtp_yaml **root, mtp_error *err);

#endif
