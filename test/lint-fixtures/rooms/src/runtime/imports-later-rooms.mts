// what comes after runtime
import '../cli/thing.mts'; // bad: no-restricted-imports
