/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_JSON_TEXT_H
#define MTP_CORE_JSON_TEXT_H

#include "core/notes.h"
#include "core/strbuf.h"

/* What every JSON writer here has in common. */

/** Add a JSON string (RFC 8259), always valid UTF-8: each byte that is not becomes
 * U+FFFD. NULL becomes null. */
void mtp_strbuf_add_json(mtp_strbuf *buffer, const char *text);

/** The note that goes with an infinite limit, which JSON cannot hold. */
extern const mtp_note mtp_json_unbounded_note;

#endif
