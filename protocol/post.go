package protocol

// answerAtMost is how much is read of the answer to a POST.
const answerAtMost = 64 << 10
