/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/verify.h"
#include "core/error.h"
#include "core/names.h"
#include "report/writers.h"

#include <assert.h>

MTP_NAMES(verify_format, mtp_verify_format, MTP_VERIFY_FORMAT_LIST,
          MTP_VERIFY_FORMAT_COUNT)

static void make_document(const mtp_verification *v, mtp_verify_format format,
                          const mtp_report_options *options, mtp_strbuf *out)
{
    static const mtp_format written[MTP_VERIFY_FORMAT_COUNT] = {
        [MTP_VERIFY_TEXT] = MTP_FORMAT_TEXT,
        [MTP_VERIFY_CSV] = MTP_FORMAT_CSV,
        [MTP_VERIFY_MARKDOWN] = MTP_FORMAT_MARKDOWN,
        [MTP_VERIFY_HTML] = MTP_FORMAT_HTML};
    mtp_arena *arena = mtp_arena_new();
    mtp_document doc;

    if (!arena) {
        out->failed = true;
        return;
    }
    mtp_doc_init(&doc, arena);
    if (format == MTP_VERIFY_CSV) {
        mtp_verify_table(&doc, v);
    } else {
        mtp_verify_document(&doc, v);
    }
    mtp_write_document(&doc, written[format], options, out);
    mtp_arena_free(arena);
}

/* A list of JSON documents; of one the document. */
static void write_json(size_t n, const mtp_verification *const v[], mtp_strbuf *out)
{
    mtp_strbuf_add(out, n > 1 ? "[\n" : "");
    for (size_t i = 0; i < n; i++) {
        mtp_strbuf_add(out, i > 0 ? ",\n" : "");
        mtp_verify_write_json(v[i], out);
    }
    mtp_strbuf_add(out, n > 1 ? "]\n" : "");
}

mtp_status mtp_verify_report_all(size_t n, const mtp_verification *const v[],
                                 mtp_verify_format format,
                                 const mtp_report_options *options, char **text,
                                 size_t *length, mtp_error *err)
{
    mtp_strbuf out;
    char *made;

    assert(n > 0 && v && text);
    if (n > 1 && (format == MTP_VERIFY_CSV || format == MTP_VERIFY_HTML)) {
        return mtp_fail(err, MTP_E_ARG,
                        "--format %s is of one FILE; give one, or take text, json, "
                        "markdown, junit or tap",
                        mtp_verify_format_id(format));
    }
    mtp_strbuf_init(&out);
    switch (format) {
    case MTP_VERIFY_JSON:
        write_json(n, v, &out);
        break;
    case MTP_VERIFY_JUNIT:
        mtp_verify_write_junit(n, v, &out);
        break;
    case MTP_VERIFY_TAP:
        mtp_verify_write_tap(n, v, &out);
        break;
    default:
        for (size_t i = 0; i < n; i++) {
            mtp_strbuf_add(&out, i > 0 ? "\n" : "");
            make_document(v[i], format, options, &out);
        }
    }
    made = mtp_strbuf_take(&out, length);
    if (!made) {
        return mtp_fail_nomem(err);
    }
    *text = made;
    return MTP_OK;
}

mtp_status mtp_verify_report(const mtp_verification *verification,
                             mtp_verify_format format,
                             const mtp_report_options *options, char **text,
                             size_t *length, mtp_error *err)
{
    return mtp_verify_report_all(1, &verification, format, options, text, length, err);
}
