// Serves the page on http://127.0.0.1:8080
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { bundlePage } from './bundle.ts'

const html = await readFile(new URL('index.html', import.meta.url))
const script = await bundlePage()

createServer((request, response) => {
  const isScript = request.url === '/page.js'
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
  response.end(isScript ? script : html)
}).listen(8080, '127.0.0.1', () => console.log('http://127.0.0.1:8080'))
