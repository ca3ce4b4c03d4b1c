//! From the options about reading to what readers take.

use super::arguments::Reading;
use crate::read::{FieldNames, ReadOptions, WebOptions};
use std::time::Duration;

pub(super) fn options(arguments: &Reading) -> ReadOptions {
    ReadOptions {
        format: arguments.input_format,
        encoding: arguments.encoding,
        fields: FieldNames {
            id: arguments.id_field.clone(),
            title: arguments.title_field.clone(),
            text: arguments.text_field.clone(),
            date: arguments.date_field.clone(),
            url: arguments.url_field.clone(),
            source: arguments.source_field.clone(),
            language: arguments.lang_field.clone(),
            given_mentions: arguments.given_mentions.clone(),
        },
        max_article_bytes: arguments.max_article_bytes,
        max_page_bytes: arguments.max_page_bytes,
        max_unpacked_bytes: arguments.max_unpacked_bytes,
        max_ratio: arguments.max_ratio,
        max_batch_bytes: arguments.max_batch_bytes,
        max_nesting: arguments.max_nesting,
        web: WebOptions {
            allow_private: arguments.allow_private,
            max_bytes: arguments.max_fetch_bytes,
            max_redirects: arguments.max_redirects,
            retries: arguments.retries,
            per_host: usize::from(arguments.per_host),
            timeout: Duration::from_secs(arguments.timeout),
        },
        ..ReadOptions::default()
    }
}
