/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/figure_json.h"

#include "metapool/version.h"

#include "core/json_text.h"
#include "core/number.h"

#include <math.h>

void mtp_figure_json_string(mtp_strbuf *out, const char *prefix, const char *text)
{
    mtp_strbuf_add(out, prefix);
    mtp_strbuf_add_json(out, text);
}

void mtp_figure_json_number(mtp_strbuf *out, const char *prefix, double value)
{
    mtp_strbuf_add(out, prefix);
    if (isfinite(value)) {
        mtp_strbuf_add_number(out, value);
    } else {
        mtp_strbuf_add(out, "null");
    }
}

static void add_measure(mtp_strbuf *out, const mtp_measure_info *measure)
{
    mtp_figure_json_string(out, ",\n  \"measure\": {\"code\": ", measure->code);
    mtp_figure_json_string(out, ", \"name\": ", measure->name);
    mtp_figure_json_string(out, ", \"scale\": ", measure->scale);
    mtp_figure_json_string(out, ", \"natural\": ", measure->natural);
    mtp_figure_json_string(out, ", \"inverse\": ", measure->inverse);
    mtp_strbuf_printf(out, ", \"groups\": %d}", measure->groups);
}

void mtp_figure_json_head(mtp_strbuf *out, const char *schema, const mtp_bundle *bundle)
{
    mtp_figure_json_string(out, "{\n  \"schema\": ", schema);
    mtp_figure_json_string(out, ",\n  \"metapool_version\": ", MTP_VERSION);
    mtp_figure_json_string(out, ",\n  \"source\": ", bundle->ledger.source);
    if (bundle->measure) {
        add_measure(out, bundle->measure);
    }
}

void mtp_figure_json_percent(mtp_strbuf *out, const char *prefix, double share)
{
    char text[MTP_NUMBER_TEXT];

    mtp_number_significant(100.0 * share, 12, text, sizeof text);
    mtp_strbuf_add(out, prefix);
    mtp_strbuf_add(out, text);
}

void mtp_figure_json_fit(mtp_strbuf *out, const mtp_sensitivity_analysis *made)
{
    mtp_figure_json_string(out, ",\n  \"tau2_method\": ", mtp_tau2_id(made->tau2));
    mtp_figure_json_number(out, ",\n  \"tau2\": ", made->influence->tau2);
    mtp_figure_json_number(out, ",\n  \"estimate\": ", made->influence->estimate[0]);
}

static void add_note(mtp_strbuf *out, const char *prefix, const mtp_note *note)
{
    const char *severity = note->severity == MTP_WARNING ? "warning" : "info";

    mtp_figure_json_string(out, prefix, mtp_note_id(note->code));
    mtp_figure_json_string(out, ", \"severity\": ", severity);
    mtp_figure_json_number(
        out, ", \"row\": ", note->row > 0 ? (double)note->row : (double)NAN);
    mtp_figure_json_string(out, ", \"text\": ", note->text);
    mtp_strbuf_add(out, "}");
}

void mtp_figure_json_notes(mtp_strbuf *out, const mtp_bundle *bundle, bool unbounded)
{
    const mtp_notes *notes = &bundle->notes;
    const char *prefix = "\n    {\"code\": ";

    mtp_strbuf_add(out, ",\n  \"notes\": [");
    for (size_t i = 0; i < notes->count; i++) {
        add_note(out, prefix, &notes->item[i]);
        prefix = ",\n    {\"code\": ";
        unbounded = unbounded && notes->item[i].code != MTP_NOTE_UNBOUNDED;
    }
    if (unbounded) {
        add_note(out, prefix, &mtp_json_unbounded_note);
    }
    mtp_strbuf_add(out, "\n  ]");
}
