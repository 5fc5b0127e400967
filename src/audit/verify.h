/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_AUDIT_VERIFY_H
#define MTP_AUDIT_VERIFY_H

#include "metapool/verify.h"

#include "core/arena.h"
#include "core/strbuf.h"
#include "report/document.h"

/* A verification with what it owns; the public part comes first. */
typedef struct mtp_verification_owner {
    mtp_verification verification;
    mtp_arena *arena;
} mtp_verification_owner;

/** Name of the analysis file without its folder. */
const char *mtp_verify_file_name(const mtp_verification *v);

/** "PASS", "NOT COMPUTED". */
const char *mtp_verdict_word(mtp_verdict verdict);

/** "410 claims: 400 pass, 2 rounding, 8 expected." */
void mtp_verify_sentence(const mtp_verification *v, mtp_strbuf *out);

/** What a test report says of a claim that does not hold: claimed and computed figure
 *  with the digits that tell them apart. */
void mtp_verify_difference(const mtp_judged *judged, mtp_strbuf *out);

/** What a method, estimator or interval is called; NULL where the value says all. */
const char *mtp_setting_label(const mtp_setting *setting);

/** The document of text, Markdown, HTML; and the table of CSV. */
void mtp_verify_document(mtp_document *doc, const mtp_verification *v);
void mtp_verify_table(mtp_document *doc, const mtp_verification *v);

/** Reports of several. */
void mtp_verify_write_json(const mtp_verification *v, mtp_strbuf *out);
void mtp_verify_write_junit(size_t n, const mtp_verification *const v[],
                            mtp_strbuf *out);
void mtp_verify_write_tap(size_t n, const mtp_verification *const v[], mtp_strbuf *out);

/** "3 of 12 analyses and 1 of 2 tables differ" */
void mtp_snapshot_sentence(const mtp_snapshot_comparison *snapshot, mtp_strbuf *out);
/** "2 options, 34 values differ", of a test that fails. */
void mtp_snapshot_analysis_sentence(const mtp_analysis_change *change, mtp_strbuf *out);
void mtp_snapshot_table_sentence(const mtp_table_change *change, mtp_strbuf *out);
/** The part on the snapshot of a verification's document, and the value of its key. */
void mtp_snapshot_document(mtp_document *doc, const mtp_snapshot_comparison *snapshot);
void mtp_snapshot_write_json(const mtp_snapshot_comparison *snapshot, mtp_strbuf *out);

#endif
