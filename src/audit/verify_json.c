/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/version.h"

#include "audit/verify.h"
#include "core/json_text.h"

#include <math.h>

static void add_text(mtp_strbuf *out, const char *key, const char *text)
{
    mtp_strbuf_printf(out, ", \"%s\": ", key);
    mtp_strbuf_add_json(out, text);
}

static void add_number(mtp_strbuf *out, const char *key, double x)
{
    mtp_strbuf_printf(out, ", \"%s\": ", key);
    if (isfinite(x)) {
        mtp_strbuf_add_number(out, x);
    } else {
        mtp_strbuf_add(out, "null");
    }
}

/* null: not searched, or nothing found. */
static void add_settings(mtp_strbuf *out, const mtp_judged *judged)
{
    mtp_strbuf_printf(out, ", \"searched\": %s, \"reproduced_by\": %s",
                      judged->searched ? "true" : "false",
                      judged->n_settings > 0 ? "{\"options\": {" : "null");
    for (size_t i = 0; i < judged->n_settings; i++) {
        mtp_strbuf_add(out, i > 0 ? ", " : "");
        mtp_strbuf_add_json(out, judged->settings[i].option);
        mtp_strbuf_add(out, ": ");
        mtp_strbuf_add_json(out, judged->settings[i].value);
    }
    if (judged->n_settings > 0) {
        mtp_strbuf_printf(out, "}, \"ways\": %zu}", judged->ways);
    }
}

static void add_claim(mtp_strbuf *out, const mtp_judged *judged)
{
    const mtp_claim *claim = judged->claim;

    mtp_strbuf_add(out, "    {\"id\": ");
    mtp_strbuf_add_json(out, claim->id);
    add_text(out, "analysis", claim->analysis->name);
    add_text(out, "quantity", claim->quantity);
    add_text(out, "printed", claim->printed);
    add_number(out, "claimed", judged->claimed);
    add_number(out, "computed", judged->computed);
    add_number(out, "difference", judged->difference);
    add_text(out, "transform", mtp_transform_id(claim->transform));
    add_number(out, "digits", claim->digits > 0 ? claim->digits : (double)NAN);
    add_number(out, "tolerance", claim->tolerance);
    add_text(out, "verdict", mtp_verdict_id(judged->verdict));
    add_text(out, "where", claim->where);
    add_text(out, "note", judged->note);
    add_settings(out, judged);
    mtp_strbuf_add(out, "}");
}

void mtp_verify_write_json(const mtp_verification *v, mtp_strbuf *out)
{
    mtp_strbuf_add(out, "{\n  \"schema\": \"metapool.verify/1\",\n"
                        "  \"metapool_version\": \"" MTP_VERSION "\",\n"
                        "  \"file\": ");
    mtp_strbuf_add_json(out, mtp_verify_file_name(v));
    mtp_strbuf_add(out, ",\n  \"sha256\": ");
    mtp_strbuf_add_json(out, v->file->sha256);
    mtp_strbuf_add(out, ",\n  \"title\": ");
    mtp_strbuf_add_json(out, v->file->title);
    mtp_strbuf_add(out, ",\n  \"summary\": {");
    for (int i = 0; i < MTP_VERDICT_COUNT; i++) {
        mtp_strbuf_printf(out, "%s\"%s\": %zu", i > 0 ? ", " : "",
                          mtp_verdict_id((mtp_verdict)i), v->count[i]);
    }
    mtp_strbuf_add(out, "},\n  \"claims\": [");
    for (size_t i = 0; i < v->n_claims; i++) {
        mtp_strbuf_add(out, i > 0 ? ",\n" : "\n");
        add_claim(out, &v->claims[i]);
    }
    mtp_strbuf_add(out, "\n  ],\n  \"snapshot\": ");
    mtp_snapshot_write_json(v->snapshot, out);
    mtp_strbuf_add(out, "\n}\n");
}
