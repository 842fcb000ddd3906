import { installTemporalRuntime } from '../../src/runtime/install-temporal-runtime.ts';
import { silentLog } from './silent-log.ts';

// Before any worker of a test file connects: the SDK's own lines would bury the tests' words.
installTemporalRuntime(silentLog);
