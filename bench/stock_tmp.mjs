import { Store } from './lib.mjs'; import { stock } from '../tests/crash/stock.mjs'; import {mkdirSync,rmSync} from 'node:fs';
rmSync('/tmp/wsqb',{recursive:true,force:true}); mkdirSync('/tmp/wsqb'); const s=new Store('sqlite','/tmp/wsqb'); await stock(s);
