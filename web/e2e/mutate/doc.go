// Command mutate measures what the native tests of the module's pure packages notice. It changes one thing in
// the code, a mutant, runs the tests of the package that the change is in, and counts the mutant as killed if
// they fail.
//
//	./build.sh mutate [-n mutants] [-seed n] [-file part-of-a-path] [packages]
//
// The mutants are drawn evenly from all files of the packages, in an order that the seed decides, so that two
// runs with the same seed over the same code try the same ones. A mutant that does not compile is not counted,
// and neither is one that equivalents.txt lists with the reason why it changes nothing that can be seen.
//
// Nothing is written to the source tree: the go command reads the changed file through its flag -overlay.
package main
