import { access } from 'node:fs/promises'
import sparticuz from '@sparticuz/chromium'
import playwright, { type Browser } from 'playwright-core'

const installed = [
  process.env.CHROME_PATH,
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Starts the machine's Chrome, else the Chromium that npm brought; gives the reason where neither starts. */
export async function launchChromium(): Promise<Browser | string> {
  const reasons: string[] = []
  for (const executablePath of installed) {
    if (executablePath === undefined || !(await exists(executablePath))) continue
    try {
      return await playwright.chromium.launch({ executablePath, args: ['--no-sandbox'] })
    } catch (error) {
      reasons.push(firstLine(error))
    }
  }
  try {
    const executablePath = await sparticuz.executablePath()
    return await playwright.chromium.launch({ executablePath, args: sparticuz.args })
  } catch (error) {
    return [...reasons, firstLine(error)].join('; ')
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function firstLine(error: unknown): string {
  return String(error).split('\n')[0]!
}
