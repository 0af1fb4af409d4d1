package protocol

// maxAnswer is the number of bytes that are read of the response to a POST.
const maxAnswer = 64 << 10
