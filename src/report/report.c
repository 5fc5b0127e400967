/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/report.h"

#include "core/error.h"
#include "core/owned.h"
#include "report/builders.h"
#include "report/json.h"
#include "report/tree.h"
#include "report/writers.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS = 4, DIGITS_MAX = 15, WIDTH = 80, WIDTH_MIN = 40 };

void mtp_report_options_init(mtp_report_options *options, size_t size)
{
    mtp_report_options defaults = {.size = size, .digits = DIGITS, .width = WIDTH};

    mtp_options_give(options, size, &defaults, sizeof defaults);
}

/* The caller's options over the defaults, kept within what the writers can do. */
static mtp_report_options effective(const mtp_report_options *given)
{
    mtp_report_options options;

    mtp_report_options_init(&options, sizeof options);
    if (given) {
        memcpy(&options, given,
               given->size < sizeof options ? given->size : sizeof options);
    }
    options.digits = options.digits < 0            ? 0
                     : options.digits > DIGITS_MAX ? DIGITS_MAX
                                                   : options.digits;
    options.width = options.width < WIDTH_MIN ? WIDTH_MIN : options.width;
    return options;
}

void mtp_build_report(mtp_document *doc, const mtp_bundle *bundle)
{
    switch (bundle->command) {
    case MTP_COMMAND_EFFECTS:
        mtp_build_effects(doc, bundle);
        break;
    case MTP_COMMAND_COMPOSITION:
        mtp_build_composition(doc, bundle);
        break;
    case MTP_COMMAND_BIAS:
        mtp_build_bias(doc, bundle);
        break;
    case MTP_COMMAND_REGRESS:
    case MTP_COMMAND_BUBBLE:
        mtp_build_regress(doc, bundle);
        break;
    case MTP_COMMAND_SENSITIVITY:
        mtp_build_sensitivity(doc, bundle);
        break;
    case MTP_COMMAND_COMPARE:
        mtp_build_compare(doc, bundle);
        break;
    default:
        mtp_build_pool(doc, bundle);
        break;
    }
}

void mtp_write_document(const mtp_document *doc, mtp_format format,
                        const mtp_report_options *given, mtp_strbuf *out)
{
    mtp_report_options options = effective(given);

    if (doc->failed) {
        out->failed = true;
    } else if (format == MTP_FORMAT_CSV) {
        mtp_write_csv(doc, out);
    } else if (format == MTP_FORMAT_MARKDOWN) {
        mtp_write_markdown(doc, &options, out);
    } else if (format == MTP_FORMAT_HTML) {
        mtp_write_html(doc, &options, out);
    } else {
        mtp_write_text(doc, &options, out);
    }
}

static void write_document(const mtp_bundle *bundle, mtp_format format,
                           const mtp_report_options *options, mtp_strbuf *out)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_document doc;

    if (!arena) {
        out->failed = true;
        return;
    }
    mtp_doc_init(&doc, arena);
    if (format == MTP_FORMAT_CSV) {
        mtp_build_csv(&doc, bundle);
    } else {
        mtp_build_report(&doc, bundle);
    }
    mtp_write_document(&doc, format, options, out);
    mtp_arena_free(arena);
}

static void write_json(const mtp_bundle *bundle, mtp_strbuf *out)
{
    mtp_json j = {false, false};
    json_t *root = mtp_json_bundle(&j, bundle);

    if (j.failed) {
        out->failed = true;
    } else {
        mtp_json_write(root, out);
    }
    json_decref(root);
}

mtp_status mtp_report(const mtp_bundle *bundle, mtp_format format,
                      const mtp_report_options *options, char **text, size_t *length,
                      mtp_error *err)
{
    mtp_strbuf out;
    char *bytes;

    mtp_strbuf_init(&out);
    if (format == MTP_FORMAT_JSON) {
        write_json(bundle, &out);
    } else {
        write_document(bundle, format, options, &out);
    }
    bytes = mtp_strbuf_take(&out, length);
    if (!bytes) {
        return mtp_fail_nomem(err);
    }
    *text = bytes;
    return MTP_OK;
}

mtp_status mtp_report_value(const mtp_bundle *bundle, const char *path, double *value,
                            mtp_error *err)
{
    mtp_tree *tree = NULL;
    mtp_found found;
    mtp_status status = mtp_tree_of_bundle(bundle, &tree, err);

    if (status == MTP_OK) {
        status = mtp_tree_find(tree, path, &found, err);
    }
    if (status == MTP_OK && found.kind != MTP_FOUND_NUMBER &&
        found.kind != MTP_FOUND_NULL) {
        status = mtp_fail(err, MTP_E_DATA, "%s is no number", path);
    }
    mtp_tree_free(tree);
    if (status == MTP_OK) {
        *value = found.number;
    }
    return status;
}

void mtp_text_free(char *text)
{
    free(text);
}
