/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_AUDIT_LOADER_H
#define MTP_AUDIT_LOADER_H

#include "audit/yaml.h"
#include "core/error.h"

/**
 * An analysis file on its way from nodes to structures. What is wrong is collected, and
 * reading goes on where it can, so that one run shows all of it.
 */
typedef struct mtp_loader {
    const char *source; /* name of the file, in messages */
    const char *folder; /* with its slash, or "" */
    mtp_arena *arena;
    mtp_error *err;        /* what cannot be read any further */
    mtp_problems problems; /* in the order in which they were found */
    bool no_memory;
    mtp_analysis_file *file;
} mtp_loader;

enum {
    MTP_FILE_TABLES = 1000,
    MTP_FILE_ANALYSES = 1000,
    MTP_FILE_OPTIONS = 200, /* of an analysis, values of repeatable ones each */
    MTP_FILE_CLAIMS = 100000,
    MTP_FILE_NAME = 100, /* bytes of the name of an analysis */
};

void mtp_loader_complain(mtp_loader *loader, mtp_place place, const char *format, ...)
    MTP_PRINTF(3, 4);
/** A problem that another part found; where it has no place of its own it gets this
 *  one, and what stands before its message. */
void mtp_loader_pass_on(mtp_loader *loader, mtp_place place, const char *before,
                        const mtp_error *found);
/** Memory from the loader's arena; NULL is remembered. */
void *mtp_loader_alloc(mtp_loader *loader, size_t count, size_t size);
/** Remembers a NULL that an allocation gave, which goes through. */
void *mtp_loader_check(mtp_loader *loader, void *memory);

#define MTP_LOADER_ARRAY(loader, count, type)                                          \
    ((type *)mtp_loader_alloc((loader), (count), sizeof(type)))

/** ": did you mean 'x'?" or ""; names ends in NULL. */
const char *mtp_loader_suggest(mtp_loader *loader, const char *typed,
                               const char *const names[]);

typedef enum mtp_want {
    MTP_WANT_TEXT,
    MTP_WANT_FLAG, /* true or false */
    MTP_WANT_SEQUENCE,
    MTP_WANT_MAPPING,
} mtp_want;

/** A key that a mapping may have, and where its value goes; NULL: it was not given, or
 *  with nothing, or with something else than wanted. */
typedef struct mtp_key {
    const char *name;
    mtp_want want;
    bool needed;
    const mtp_yaml **value;
} mtp_key;

/**
 * Take a mapping apart.
 * @param what  "the claim": what it describes, for messages
 * @return false, and told, if the node is no mapping; the values are NULL then
 */
bool mtp_loader_keys(mtp_loader *loader, const mtp_yaml *node, const char *what,
                     size_t n, const mtp_key keys[]);

/** Text of a node, without what a block leaves at its end; NULL for NULL. */
const char *mtp_loader_text(mtp_loader *loader, const mtp_yaml *node);

/** A node that is `true`. */
bool mtp_loader_flag(const mtp_yaml *node);

/** A file that the analysis file names: below its folder. False, and told, if not. */
bool mtp_loader_check_file(mtp_loader *loader, const mtp_yaml *node);
/** Its name from the current folder; NULL without memory. */
const char *mtp_loader_path(mtp_loader *loader, const char *file);
/** SHA-256 of a file in lower case; NULL for NULL, and, told, for anything else. */
const char *mtp_loader_sha256(mtp_loader *loader, const mtp_yaml *node);

/** The parts of the file. */
void mtp_loader_data(mtp_loader *loader, const mtp_yaml *node);
void mtp_loader_analyses(mtp_loader *loader, const mtp_yaml *node);
void mtp_loader_claims(mtp_loader *loader, const mtp_yaml *node);

/** Claims as they are collected. */
typedef struct mtp_claim_list {
    size_t count, capacity;
    mtp_claim *item;
} mtp_claim_list;

/** Room for one more, cleared; NULL, and told, beyond the limit or without memory. */
mtp_claim *mtp_loader_add_claim(mtp_loader *loader, mtp_claim_list *list,
                                mtp_place place);

/** What a claim, a table of claims and an entry of one may say. */
typedef struct mtp_claim_keys {
    const mtp_yaml *id, *analysis, *quantity, *printed, *transform, *where, *expected,
        *digits, *tolerance, *reason;
    const mtp_yaml *table, *sha256, *rows, *claims; /* of a table alone */
    const mtp_yaml *column;                         /* of an entry alone */
} mtp_claim_keys;

/** The keys that a claim and an entry have alike, of an mtp_claim_keys k. */
/* clang-format off */
#define MTP_JUDGED_KEYS(k)                                                             \
    {"transform", MTP_WANT_TEXT, false, &(k).transform},                               \
    {"where", MTP_WANT_TEXT, false, &(k).where},                                       \
    {"expected", MTP_WANT_TEXT, false, &(k).expected},                                 \
    {"digits", MTP_WANT_TEXT, false, &(k).digits},                                     \
    {"tolerance", MTP_WANT_TEXT, false, &(k).tolerance},                               \
    {"reason", MTP_WANT_TEXT, false, &(k).reason}
/* clang-format on */

/** How a claim is judged: transform, digits, tolerance and their reason. */
void mtp_loader_judged(mtp_loader *loader, const mtp_claim_keys *keys,
                       mtp_claim *claim);
/** The analysis of a claim by name; NULL, and told, for one that cannot be run. */
const mtp_file_analysis *mtp_loader_find_analysis(mtp_loader *loader, mtp_place place,
                                                  const char *name);
/** Checks a path into JSON. */
void mtp_loader_check_quantity(mtp_loader *loader, mtp_place place, const char *path);

/** The claims of a table, for each row. */
void mtp_loader_claim_table(mtp_loader *loader, const mtp_claim_keys *keys,
                            mtp_claim_list *list);

#endif
