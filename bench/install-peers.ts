/**
 * Installs the peers of the benchmark in their best form, as their makers publish them, for bench/peers.ts to find:
 * a Python environment in node_modules/.cache. A distribution's own may be several times slower.
 *   npm run bench:peers
 * Not here: coresweep's dependencies, of which they are none. On Linux PyTorch brings CUDA along, some GB in all.
 */
import { execFileSync } from 'node:child_process';
import { installedPython, peersFolder } from './peers.ts';

const packages = [
  'numpy==2.4.6',
  'torch==2.15.0',
  'jax==0.10.2',
  'threadpoolctl==3.6.0',
  'scikit-learn==1.9.1',
  'optuna==5.0.0',
];

const python = process.platform === 'win32' ? 'python' : 'python3';
execFileSync(python, ['-m', 'venv', peersFolder], { stdio: 'inherit' });
execFileSync(installedPython, ['-m', 'pip', 'install', '--disable-pip-version-check', ...packages], {
  stdio: 'inherit',
});
