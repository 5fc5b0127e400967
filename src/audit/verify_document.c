/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A verification as a document: text, Markdown, HTML, CSV. */
#include "audit/verify.h"
#include "core/number.h"

#include <math.h>
#include <string.h>

enum { SHORT = 6, LONG = 17 };

/* Two different figures with the digits that tell them apart, at least six. */
static void add_figures(mtp_strbuf *out, const mtp_judged *judged)
{
    char text[MTP_NUMBER_TEXT];
    double ratio = fabs(judged->computed) / fabs(judged->difference);
    int digits = SHORT;

    if (isfinite(ratio) && ratio > 1.0) {
        digits = (int)ceil(log10(ratio)) + 2;
        digits = digits < SHORT ? SHORT : digits > LONG ? LONG : digits;
    }
    mtp_number_significant(judged->computed, digits, text, sizeof text);
    mtp_strbuf_add(out, text);
}

void mtp_verify_difference(const mtp_judged *judged, mtp_strbuf *out)
{
    mtp_strbuf_printf(out, "%s: printed %s", mtp_verdict_word(judged->verdict),
                      judged->claim->printed);
    if (isfinite(judged->computed)) {
        mtp_strbuf_add(out, ", computed ");
        add_figures(out, judged);
    }
    if (judged->note) {
        mtp_strbuf_printf(out, "; %s", judged->note);
    }
}

void mtp_verify_sentence(const mtp_verification *v, mtp_strbuf *out)
{
    if (v->n_claims == 0) {
        mtp_strbuf_add(out, "no claims: the file states no published figure");
        return;
    }
    mtp_strbuf_printf(out, "%zu %s: ", v->n_claims,
                      v->n_claims == 1 ? "claim" : "claims");
    for (int i = 0, n = 0; i < MTP_VERDICT_COUNT; i++) {
        if (v->count[i] > 0 || i == MTP_VERDICT_PASS) {
            mtp_strbuf_printf(out, "%s%zu %s", n++ > 0 ? ", " : "", v->count[i],
                              mtp_verdict_word((mtp_verdict)i));
        }
    }
}

static const char *computed_text(mtp_document *doc, const mtp_judged *judged)
{
    mtp_strbuf out;
    const char *text;

    if (!isfinite(judged->computed)) {
        return NULL;
    }
    mtp_strbuf_init(&out);
    add_figures(&out, judged);
    text = out.failed ? NULL : mtp_arena_strdup(doc->arena, out.text);
    doc->failed = doc->failed || !text;
    mtp_strbuf_free(&out);
    return text;
}

static void add_source(mtp_document *doc, const mtp_verification *v)
{
    const mtp_analysis_file *file = v->file;
    mtp_strbuf sentence;

    mtp_strbuf_init(&sentence);
    mtp_verify_sentence(v, &sentence);
    doc->failed = doc->failed || sentence.failed;
    mtp_doc_title(doc, "%s", file->title);
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "%s.", sentence.failed ? "" : sentence.text);
    mtp_strbuf_free(&sentence);
    mtp_doc_entries(doc);
    if (file->source.citation) {
        mtp_doc_entry(doc, "Source");
        mtp_doc_text(doc, "%s", file->source.citation);
    }
    if (file->source.doi) {
        mtp_doc_entry(doc, "DOI");
        mtp_doc_text(doc, "%s", file->source.doi);
    }
    mtp_doc_entry(doc, "Analysis file");
    mtp_doc_text(doc, "%s, SHA-256 %s", mtp_verify_file_name(v), file->sha256);
}

/* How many claims of an analysis have a verdict. */
static size_t count(const mtp_verification *v, const mtp_file_analysis *analysis,
                    mtp_verdict verdict)
{
    size_t n = 0;

    for (size_t i = 0; i < v->n_claims; i++) {
        n +=
            v->claims[i].claim->analysis == analysis && v->claims[i].verdict == verdict;
    }
    return n;
}

static size_t count_all(const mtp_verification *v, const mtp_file_analysis *analysis)
{
    size_t n = 0;

    for (int i = 0; i < MTP_VERDICT_COUNT; i++) {
        n += count(v, analysis, (mtp_verdict)i);
    }
    return n;
}

static void add_analyses(mtp_document *doc, const mtp_verification *v)
{
    mtp_doc_column column[2 + MTP_VERDICT_COUNT] = {
        {"analysis", "Analysis", true, MTP_DOC_WRAP},
        {"claims", "Claims", false, false}};
    mtp_verdict shown[MTP_VERDICT_COUNT];
    size_t n = 0;

    for (int i = 0; i < MTP_VERDICT_COUNT; i++) {
        if (v->count[i] > 0) {
            shown[n] = (mtp_verdict)i;
            column[2 + n++] =
                (mtp_doc_column){mtp_verdict_id((mtp_verdict)i),
                                 mtp_verdict_word((mtp_verdict)i), false, false};
        }
    }
    mtp_doc_heading(doc, "Analyses");
    mtp_doc_table(doc, 2 + n, column);
    for (size_t i = 0; i < v->file->n_analyses; i++) {
        const mtp_file_analysis *analysis = &v->file->analyses[i];
        size_t all = count_all(v, analysis);
        mtp_doc_cell *cell;

        if (all == 0) {
            continue;
        }
        cell = mtp_doc_row_new(doc);
        cell[0] = mtp_doc_cell_text(analysis->name);
        cell[1] = mtp_doc_cell_number(MTP_DOC_COUNT, (double)all);
        for (size_t j = 0; j < n; j++) {
            cell[2 + j] = mtp_doc_cell_number(MTP_DOC_COUNT,
                                              (double)count(v, analysis, shown[j]));
        }
    }
}

/* "--tau2 DL (DerSimonian-Laird)" */
static void add_setting(mtp_document *doc, const mtp_setting *setting)
{
    const char *label = mtp_setting_label(setting);

    mtp_doc_text(doc, " --%s", setting->option);
    if (strcmp(setting->value, "true") != 0) {
        mtp_doc_text(doc, " %s", setting->value);
    }
    if (label) {
        mtp_doc_text(doc, " (%s)", label);
    }
}

static void add_search(mtp_document *doc, const mtp_judged *judged)
{
    mtp_doc_text(doc, judged->n_settings > 0 ? "; reproduced by"
                                             : "; no other choice of model, estimator, "
                                               "interval or zero-cell rule gives it");
    for (size_t i = 0; i < judged->n_settings; i++) {
        add_setting(doc, &judged->settings[i]);
    }
    if (judged->ways > 1) {
        mtp_doc_text(doc, ", and in %zu other %s with as many changes",
                     judged->ways - 1, judged->ways == 2 ? "way" : "ways");
    }
}

/* What is said of a claim that does not just hold. */
static void add_claim(mtp_document *doc, const mtp_judged *judged)
{
    const mtp_claim *claim = judged->claim;
    const char *computed = computed_text(doc, judged);

    mtp_doc_entry(doc, NULL);
    mtp_doc_text(doc, "%s: printed %s, ", claim->id, claim->printed);
    mtp_doc_text(doc, "%s%s", computed ? "computed " : "not computed",
                 computed ? computed : "");
    mtp_doc_text(doc, " (%s: %s)", claim->analysis->name, claim->quantity);
    if (judged->note) {
        mtp_doc_text(doc, "; %s", judged->note);
    }
    if (judged->searched) {
        add_search(doc, judged);
    }
}

static void add_claims(mtp_document *doc, const mtp_verification *v,
                       mtp_verdict verdict)
{
    if (v->count[verdict] == 0) {
        return;
    }
    mtp_doc_heading(doc, "%s: %s", mtp_verdict_word(verdict),
                    mtp_verdict_label(verdict));
    mtp_doc_notes(doc);
    for (size_t i = 0; i < v->n_claims; i++) {
        if (v->claims[i].verdict == verdict) {
            add_claim(doc, &v->claims[i]);
        }
    }
}

/* Claims that hold and have something said of them nevertheless. */
static void add_remarks(mtp_document *doc, const mtp_verification *v)
{
    bool any = false;

    for (size_t i = 0; i < v->n_claims; i++) {
        if (v->claims[i].verdict == MTP_VERDICT_PASS && v->claims[i].note) {
            if (!any) {
                mtp_doc_heading(doc, "Remarks");
                mtp_doc_notes(doc);
                any = true;
            }
            add_claim(doc, &v->claims[i]);
        }
    }
}

void mtp_verify_document(mtp_document *doc, const mtp_verification *v)
{
    add_source(doc, v);
    for (int i = MTP_VERDICT_ROUNDING; i < MTP_VERDICT_COUNT; i++) {
        add_claims(doc, v, (mtp_verdict)i);
    }
    add_remarks(doc, v);
    if (v->snapshot) {
        mtp_snapshot_document(doc, v->snapshot);
    }
    if (v->n_claims > 0) {
        add_analyses(doc, v);
    }
}

void mtp_verify_table(mtp_document *doc, const mtp_verification *v)
{
    static const mtp_doc_column column[] = {{"id", "id", true, false},
                                            {"analysis", "analysis", true, false},
                                            {"quantity", "quantity", true, false},
                                            {"printed", "printed", true, false},
                                            {"claimed", "claimed", false, false},
                                            {"computed", "computed", false, false},
                                            {"difference", "difference", false, false},
                                            {"verdict", "verdict", true, false},
                                            {"where", "where", true, false},
                                            {"note", "note", true, false}};

    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < v->n_claims; i++) {
        const mtp_judged *judged = &v->claims[i];
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        cell[0] = mtp_doc_cell_text(judged->claim->id);
        cell[1] = mtp_doc_cell_text(judged->claim->analysis->name);
        cell[2] = mtp_doc_cell_text(judged->claim->quantity);
        cell[3] = mtp_doc_cell_text(judged->claim->printed);
        cell[4] = mtp_doc_cell_number(MTP_DOC_NUMBER, judged->claimed);
        cell[5] = mtp_doc_cell_number(MTP_DOC_NUMBER, judged->computed);
        cell[6] = mtp_doc_cell_number(MTP_DOC_NUMBER, judged->difference);
        cell[7] = mtp_doc_cell_text(mtp_verdict_id(judged->verdict));
        cell[8] = mtp_doc_cell_text(judged->claim->where);
        cell[9] = mtp_doc_cell_text(judged->note);
    }
}
