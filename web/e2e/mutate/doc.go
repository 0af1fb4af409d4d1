// Command mutate measures what the native tests of the module's pure packages detect. It changes one thing in the
// code, a mutant, runs the tests of the package that has the change, and counts the mutant as killed if they fail.
//
//	./build.sh mutate [-n mutants] [-seed n] [-file part-of-a-path] [-workers n] [packages]
//
// The command draws the same number of mutants from each file of the packages. The seed decides which: two runs with
// the same seed over the same code try the same mutants. The command does not count a mutant that does not compile, nor
// one that equivalents.txt lists with the reason why it has no visible effect.
//
// The command writes nothing to the source tree: the go command reads the changed file through its flag -overlay.
package main
