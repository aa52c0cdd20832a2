/** A companion is read by people and programs beside a model: what is larger is something else. */
const MAX_COMPANION_BYTES = 64 * 2 ** 20

/** Names by which exporters, tokenizers and model cards go: of the Hugging Face layout, and of models with labels. */
const NAMES = [
  /(^|[._-])config\.(json|ya?ml)$/,
  /^(tokenizer|vocab|merges|bpe|added_tokens|special_tokens_map|chat_template|model_index|(pre)?processor|(pre|post)process)[\w.-]*\.(json|txt|jinja|model|ya?ml)$/,
  /\.(spm|bpe|tiktoken|jinja)$|^(spiece|sentencepiece)[\w.-]*\.model$/,
  /(^|[._-])(id2label|label2id|labels?|classes|keys|dict|vocab|charset|alphabet|synsets?|words|tokens|phonemes|lexicon)([._-][\w.-]*)?\.(txt|json|csv|tsv|ya?ml)$/,
  /\.(names|labels)$|^inference\.ya?ml$/,
  /^(readme|license|licence|notice|copying|model_card)([._-][\w.-]*)?$/,
]

/** Folders of pipelines that hold no model themselves. */
const FOLDERS = /^(tokenizer|scheduler|feature_extractor|image_processor|processor)(_\d)?$/

/**
 * Whether a file beside models belongs to them by its place, name and size: configuration, tokenizer, labels, model
 * card or license.
 *
 * @param path relative to the bundle, forward slashes
 * @param models paths of the bundle's `.onnx` files
 */
export function isCompanion(
  { path, bytes }: { path: string; bytes: number },
  models: readonly string[],
): boolean {
  const [name = '', ...above] = path.split('/').reverse()
  const folder = above.reverse().join('/')
  const isNear = folder === '' || FOLDERS.test(folder) || models.some(model => isWithin(model, folder))
  if (!isNear || bytes > MAX_COMPANION_BYTES) return false
  return (
    NAMES.some(pattern => pattern.test(name.toLowerCase())) || models.some(model => isNamedAfter(path, model))
  )
}

/** Whether a path is in a folder, however deep. */
export function isWithin(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`)
}

/** `voice.onnx.json` and `voice.json` tell of `voice.onnx`. */
function isNamedAfter(path: string, model: string): boolean {
  const stem = model.replace(/\.onnx$/i, '')
  return [model, stem].some(name =>
    /^\.(json|txt|ya?ml)$/i.test(path.startsWith(name) ? path.slice(name.length) : ''),
  )
}
