import {defineConfig} from 'rolldown';

/**
 * What people install is bundled, with the packages that it uses: a command then begins in 0.35 s where 1,100 small files took 0.9 (docs/decisions/0089). What a command does not need
 * stays in files of its own, and the packages stay dependencies: they bring their licences, and the AWS SDK is loaded from there.
 */
export default defineConfig({
  input: {
    'cli/main': 'src/cli/main.ts',
    'cli/run/quick-line': 'src/cli/run/quick-line.ts',
    'lab/dms/main': 'src/lab/dms/main.ts',
  },
  platform: 'node',
  external: ['@aws-sdk/client-database-migration-service', 'pg-native', 'react-devtools-core'],
  transform: {define: {'process.env.NODE_ENV': '"production"'}},
  // Readable: what a number is stays named, for people who read a trace, and for the tests that build another version.
  optimization: {inlineConst: false},
  output: {dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js'},
});
