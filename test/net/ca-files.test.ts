import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { chmod, readdir, readFile, writeFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Authority } from '../../src/net/authority.ts'
import { defaultCaDir } from '../../src/net/ca-files.ts'
import { toPem, writeCertificate } from '../../src/net/certificate.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { dayMs, failureOf, modeOf, run, verify } from './ca-fixture.ts'

let folder: TempFolder
beforeEach(async () => {
  folder = await createTempFolder('ca')
})
afterEach(() => folder.remove())

describe('the folder of the CA', () => {
  test('is the systemd state folder, then XDG, then the home folder', () => {
    const env = { STATE_DIRECTORY: '/var/lib/a:/var/lib/b', XDG_STATE_HOME: '/x', HOME: '/home/u' }
    expect(defaultCaDir(env)).toBe('/var/lib/a')
    expect(defaultCaDir({ ...env, STATE_DIRECTORY: '' })).toBe('/x/imaptap')
    expect(defaultCaDir({ XDG_STATE_HOME: 'relative', HOME: '/home/u' })).toBe('/home/u/.local/state/imaptap')
  })

  test.each(['000', '077'])(
    'is made with a private key for its owner alone under umask %s',
    async (umask) => {
      const dir = folder.join('new')
      const script = `
      import { Authority } from ${JSON.stringify(new URL('../../src/net/authority.ts', import.meta.url).href)}
      process.umask(0o${umask})
      await Authority.open({ dir: ${JSON.stringify(dir)}, leafKey: 'ecdsa' })`
      await run(process.execPath, ['--input-type=module', '-e', script])
      expect(await modeOf(dir)).toBe('700')
      expect(await modeOf(join(dir, 'ca-key.pem'))).toBe('600')
      expect(await modeOf(join(dir, 'ca.pem'))).toBe('644')
      expect((await readdir(dir)).sort()).toEqual(['ca-key.pem', 'ca.pem'])
    },
  )

  test('gives the same CA when it is opened again', async () => {
    const first = await Authority.open({ dir: folder.path, leafKey: 'ecdsa' })
    const second = await Authority.open({ dir: folder.path, leafKey: 'ecdsa' })
    expect(second.fingerprint256).toBe(first.fingerprint256)
    expect([first.isNew, second.isNew]).toEqual([true, false])
    expect(first.path).toBe(folder.join('ca.pem'))
  })

  test('gives one CA to all who open it at once in one process', async () => {
    const dir = folder.join('shared')
    const opened = await Promise.all(
      Array.from({ length: 12 }, () => Authority.open({ dir, leafKey: 'ecdsa' })),
    )
    expect(new Set(opened.map((one) => one.fingerprint256)).size).toBe(1)
    expect(opened.filter((one) => one.isNew)).toHaveLength(1)
    for (const one of opened) expect(await verify(one.path, one.leafFor('a.example'))).toContain('OK')
  })

  test('gives one CA to several processes that start together', async () => {
    const dir = folder.join('raced')
    const script = `
      import { Authority } from ${JSON.stringify(new URL('../../src/net/authority.ts', import.meta.url).href)}
      console.log('ready')
      process.stdin.once('data', async () => {
        const { fingerprint256 } = await Authority.open({ dir: ${JSON.stringify(dir)}, leafKey: 'ecdsa' })
        console.log(fingerprint256)
        process.exit()
      })`
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script]),
    )
    await Promise.all(children.map((child) => once(child.stdout, 'data')))
    const answers = children.map((child) => once(child.stdout, 'data'))
    for (const child of children) child.stdin.write('go\n')
    const fingerprints = (await Promise.all(answers)).map(([line]) => String(line).trim())
    const { fingerprint256 } = await Authority.open({ dir, leafKey: 'ecdsa' })
    expect(fingerprints).toEqual(Array(4).fill(fingerprint256))
  })

  test('keeps the name and the key of a CA whose certificate was lost, so old trust still holds', async () => {
    const before = await Authority.open({ dir: folder.path, leafKey: 'ecdsa' })
    await run('rm', [before.path])
    const after = await Authority.open({ dir: folder.path, leafKey: 'ecdsa' })
    await writeFile(after.path, before.certificatePem)
    expect(await verify(before.path, after.leafFor('a.example'))).toContain('OK')
  })
})

describe('a folder that is not fit', () => {
  test('is refused when others can read the key, with the command that mends it', async () => {
    await Authority.open({ dir: folder.path, leafKey: 'ecdsa' })
    const key = folder.join('ca-key.pem')
    for (const mode of [0o640, 0o604, 0o620, 0o601]) {
      await chmod(key, mode)
      const error = await failureOf(Authority.open({ dir: folder.path, leafKey: 'ecdsa' }))
      expect(error.message).toContain(`mode 0${mode.toString(8)}`)
      expect(error.message).not.toContain('\n')
      expect(error.advice).toBe(`chmod 600 ${key}`)
    }
    await chmod(key, 0o600)
    await expect(Authority.open({ dir: folder.path, leafKey: 'ecdsa' })).resolves.toBeDefined()
  })

  test('quotes a path that a shell would take apart', async () => {
    const dir = folder.join("it's here")
    await Authority.open({ dir, leafKey: 'ecdsa' })
    await chmod(join(dir, 'ca-key.pem'), 0o644)
    const { advice } = await failureOf(Authority.open({ dir, leafKey: 'ecdsa' }))
    await run('sh', ['-c', advice])
    expect(await modeOf(join(dir, 'ca-key.pem'))).toBe('600')
  })

  test('names the file that is corrupt', async () => {
    await Authority.open({ dir: folder.path, leafKey: 'ecdsa' })
    const pem = await readFile(folder.join('ca.pem'), 'utf8')
    await writeFile(folder.join('ca.pem'), pem.slice(0, 200))
    expect((await failureOf(Authority.open({ dir: folder.path, leafKey: 'ecdsa' }))).message).toContain(
      'ca.pem',
    )
    await writeFile(folder.join('ca.pem'), pem)
    await writeFile(folder.join('ca-key.pem'), '')
    const error = await failureOf(Authority.open({ dir: folder.path, leafKey: 'ecdsa' }))
    expect(error.message).toContain('ca-key.pem')
    expect(error.advice).toContain('imaptap ca init')
  })

  test('names both files when they do not belong together', async () => {
    await Authority.open({ dir: folder.path, leafKey: 'ecdsa' })
    const other = await createTempFolder('other-ca')
    await Authority.open({ dir: other.path, leafKey: 'ecdsa' })
    await writeFile(folder.join('ca.pem'), await readFile(other.join('ca.pem')))
    await other.remove()
    const { message } = await failureOf(Authority.open({ dir: folder.path, leafKey: 'ecdsa' }))
    expect(message).toBe(`${folder.join('ca-key.pem')} is not the key of ${folder.join('ca.pem')}`)
  })

  test('does not get a new key beside a certificate that clients may trust already', async () => {
    await Authority.open({ dir: folder.path, leafKey: 'ecdsa' })
    await run('rm', [folder.join('ca-key.pem')])
    const error = await failureOf(Authority.open({ dir: folder.path, leafKey: 'ecdsa' }))
    expect(error.message).toContain('has no key beside it')
    expect(await readdir(folder.path)).toEqual(['ca.pem'])
  })

  test('is refused when its certificate is no authority or has expired', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const make = (role: 'authority' | 'server', notAfter: number): Promise<void> =>
      writeFile(
        folder.join('ca.pem'),
        toPem(
          writeCertificate({
            commonName: 'mine',
            publicKey: privateKey,
            role,
            names: [{ kind: 'dns', name: 'mine' }],
            notBefore: new Date(Date.now() - 2 * dayMs),
            notAfter: new Date(notAfter),
            signedBy: { self: privateKey },
          }),
        ),
      )
    await writeFile(folder.join('ca-key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }), {
      mode: 0o600,
    })
    await make('server', Date.now() + dayMs)
    expect((await failureOf(Authority.open({ dir: folder.path, leafKey: 'ecdsa' }))).message).toContain(
      'not the certificate of a certificate authority',
    )
    await make('authority', Date.now() - dayMs)
    expect((await failureOf(Authority.open({ dir: folder.path, leafKey: 'ecdsa' }))).message).toContain(
      'expired on',
    )
    await make('authority', Date.now() + dayMs)
    await expect(Authority.open({ dir: folder.path, leafKey: 'ecdsa' })).resolves.toBeDefined()
  })

  test('is a file: the error says so in one line', async () => {
    await writeFile(folder.join('file'), '')
    const error = await failureOf(Authority.open({ dir: folder.join('file'), leafKey: 'ecdsa' }))
    expect(error.message).toContain(folder.join('file'))
    expect(error.advice).toContain('--ca-dir')
  })

  test('is where nothing can be made: the error comes at once', async () => {
    const error = await failureOf(Authority.open({ dir: '/proc/imaptap/ca', leafKey: 'ecdsa' }))
    expect(error.message).toContain("cannot create the CA's folder /proc/imaptap/ca: ENOENT")
  })

  test('is made with all the folders above it, for the owner alone', async () => {
    const dir = folder.join('a/b/c')
    await Authority.open({ dir, leafKey: 'ecdsa' })
    expect((await stat(dir)).mode & 0o777).toBe(0o700)
  })
})
